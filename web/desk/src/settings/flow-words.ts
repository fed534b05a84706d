import { useTranslation } from 'react-i18next';
import { useFlowForm } from './flow-known.ts';

/** What is wrong at a place of the flow, in words. */
export function useFlowFault(): (place: string) => string | undefined {
  const { t } = useTranslation('settings');
  const { faults } = useFlowForm();
  return (place) => {
    const fault = faults[place];
    return fault && t(`flow.fault.${fault}`);
  };
}
