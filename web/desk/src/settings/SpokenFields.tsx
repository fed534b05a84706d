import { MultiSelect } from '@mantine/core';
import { SpokenLanguage, type Spoken } from '@kernlijn/contract/menu';
import { useTranslation } from 'react-i18next';
import { useFlowForm } from './flow-known.ts';
import { useFlowFault } from './flow-words.ts';
import flow from './Flow.module.css';
import { PlayPrompt } from './PlayPrompt.tsx';
import { usePromptName } from './prompt-words.ts';

/** What is said, in each language that a caller may have chosen by then. */
export function SpokenFields({
  label,
  place,
  say,
  optional = false,
  onChange,
}: {
  label: string;
  place: string;
  say: Spoken;
  optional?: boolean;
  onChange: (say: Spoken) => void;
}) {
  const { t } = useTranslation('settings');
  const { draft, prompts } = useFlowForm();
  const fault = useFlowFault();
  const nameOf = usePromptName();
  const chosen = new Set(
    (draft.flow?.steps ?? []).flatMap((step) =>
      step.kind === 'menu' ? step.choices.flatMap((choice) => choice.language ?? []) : [],
    ),
  );
  const languages = SpokenLanguage.options.filter(
    (each) => each === draft.language || chosen.has(each) || (say[each] ?? []).length > 0,
  );
  return (
    <div className={flow.spoken} role="group" aria-label={label}>
      {languages.map((language) => (
        <div key={language} className={flow.said}>
          <MultiSelect
            label={t('flow.sayIn', { what: label, language: t(`flow.language.${language}`) })}
            placeholder={
              (say[language] ?? []).length > 0 ? undefined : t(optional ? 'flow.nothing' : 'flow.choosePrompt')
            }
            searchable
            maxValues={5}
            value={say[language] ?? []}
            error={fault(`${place}.${language}`) ?? (language === draft.language ? fault(place) : undefined)}
            onChange={(names) => onChange({ ...say, [language]: names })}
            data={prompts.map((each) => ({ value: each.prompt, label: nameOf(each) }))}
          />
          {(say[language] ?? []).map((prompt) => (
            <PlayPrompt key={prompt} prompt={prompt} name={nameOf(prompts.find((each) => each.prompt === prompt))} />
          ))}
        </div>
      ))}
    </div>
  );
}
