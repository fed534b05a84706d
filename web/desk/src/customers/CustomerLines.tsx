import type { CustomerLine } from '@kernlijn/contract/customers';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { readable } from '@kernlijn/ui/telephone-number.ts';
import { useLocale } from '../text/use-locale.ts';
import classes from './CustomerLines.module.css';

export function CustomerLines({
  lines,
  disabled = false,
  choose,
}: {
  lines: CustomerLine[];
  disabled?: boolean;
  choose: (line: CustomerLine) => void;
}) {
  return (
    <ul className={classes.list}>
      {lines.map((line) => (
        <li key={line.id}>
          <button type="button" className={classes.line} disabled={disabled} onClick={() => choose(line)}>
            <Icon name={line.kind === 'business' ? 'business' : 'person'} size={15} />
            <span className={classes.name}>{line.name}</span>
            <span className={classes.what}>
              <CustomerFacts line={line} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function CustomerFacts({ line }: { line: CustomerLine }) {
  const locale = useLocale();
  return (
    <>
      {[line.address, line.phone && readable(line.phone, locale), line.email, line.reference]
        .filter(Boolean)
        .join(' · ')}
    </>
  );
}
