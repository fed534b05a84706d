import { useStore } from '@kernlijn/ui/store.ts';
import { spoken } from './announce.ts';

export function Spoken() {
  const { calm, urgent } = useStore(spoken);
  return (
    <>
      <div className="spoken-only" role="status" aria-live="polite">
        {calm}
      </div>
      <div className="spoken-only" role="alert" aria-live="assertive">
        {urgent}
      </div>
    </>
  );
}
