import type { PromptSettings } from '@kernlijn/contract/menu';
import type { OpeningHoursSettings } from '@kernlijn/contract/opening-hours';
import type { QueueSettings, Skill } from '@kernlijn/contract/routing';
import { createContext, use } from 'react';
import type { z } from 'zod';
import type { NumberDraft, NumberFaults } from './number-draft.ts';

/** What a flow of this client may lead to and play. */
export interface FlowThings {
  queues: readonly QueueSettings[];
  skills: readonly z.infer<typeof Skill>[];
  hours: readonly OpeningHoursSettings[];
  prompts: readonly PromptSettings[];
}

/** Everything that a field of a flow needs, however deep it stands. */
export interface FlowForm extends FlowThings {
  draft: NumberDraft;
  faults: NumberFaults;
}
export const FlowFormContext = createContext<FlowForm | null>(null);

export function useFlowForm(): FlowForm {
  const form = use(FlowFormContext);
  if (form === null) throw new Error('a field of a flow stands in no form');
  return form;
}
