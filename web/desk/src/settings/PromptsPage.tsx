import { Button } from '@mantine/core';
import { removePrompt, type PromptSettings } from '@kernlijn/contract/menu';
import { ClientBadge } from '@kernlijn/ui/ClientBadge.tsx';
import { call } from '@kernlijn/ui/call.ts';
import { duration } from '@kernlijn/ui/format.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe } from '../access/queries.ts';
import { useTwoPress } from '../conversations/use-two-press.ts';
import { announce } from '../shell/announce.ts';
import { useTrouble } from '../text/trouble.ts';
import { NewPrompt } from './NewPrompt.tsx';
import { PlayPrompt } from './PlayPrompt.tsx';
import classes from './Prompts.module.css';
import { usePromptName } from './prompt-words.ts';
import { promptsQuery } from './queries.ts';
import { ReadOnly } from './ReadOnly.tsx';
import { SettingsPart } from './SettingsPart.tsx';

/** What callers can be told: each client's own prompts, and those that are shipped. */
export function PromptsPage() {
  const { t } = useTranslation('settings');
  const read = useQuery(promptsQuery);
  const { permissions, clients } = useMe();
  const mayEdit = permissions.includes('settings.edit');
  const all = read.data?.prompts ?? [];
  return (
    <SettingsPart title={t('prompts.title')} queries={[read]}>
      <div className={classes.page}>
        <h1 className={classes.title}>{t('prompts.title')}</h1>
        {!mayEdit && <ReadOnly>{t('readOnly')}</ReadOnly>}
        {clients.map((client) => {
          const own = all.filter(({ clientId }) => clientId === client.id);
          return (
            <section key={client.id} className={classes.client} aria-label={client.name}>
              <h2 className={classes.name}>
                <ClientBadge name={client.name} colour={client.colour} quiet />
              </h2>
              {own.length === 0 && <p className={classes.none}>{t('prompts.none')}</p>}
              {own.length > 0 && <Table prompts={own} mayEdit={mayEdit} label={client.name} />}
              {mayEdit && <NewPrompt clientId={client.id} clientName={client.name} />}
            </section>
          );
        })}
        <section className={classes.client} aria-labelledby="shipped">
          <h2 className={classes.name} id="shipped">
            {t('prompts.shippedTitle')}
          </h2>
          <p className={classes.none}>{t('prompts.shippedHint')}</p>
          <Table prompts={all.filter(({ id }) => id === null)} mayEdit={false} label={t('prompts.shippedTitle')} />
        </section>
      </div>
    </SettingsPart>
  );
}

function Table({ prompts, mayEdit, label }: { prompts: readonly PromptSettings[]; mayEdit: boolean; label: string }) {
  const { t } = useTranslation('settings');
  return (
    <table className={classes.table}>
      <caption className="spoken-only">{label}</caption>
      <thead>
        <tr>
          <th scope="col">{t('prompts.name')}</th>
          <th scope="col">{t('prompts.length')}</th>
          <th scope="col">{t('prompts.usedBy')}</th>
          <th scope="col">
            <span className="spoken-only">{t('prompts.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {prompts.map((prompt) => (
          <Row key={prompt.prompt} prompt={prompt} mayEdit={mayEdit} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ prompt, mayEdit }: { prompt: PromptSettings; mayEdit: boolean }) {
  const { t } = useTranslation('settings');
  const words = useTrouble();
  const name = usePromptName()(prompt);
  const queries = useQueryClient();
  const removing = useMutation({
    mutationFn: async (promptId: string) => await call(removePrompt, { params: { promptId } }),
    onSuccess: async () => {
      announce(t('prompts.removed', { name }));
      await queries.invalidateQueries({ queryKey: promptsQuery.queryKey });
    },
  });
  const { armed, press } = useTwoPress(() => prompt.id !== null && removing.mutate(prompt.id));
  const inUse = prompt.usedBy.length > 0;
  return (
    <tr>
      <td>{name}</td>
      <td className={classes.figure}>{duration(prompt.milliseconds)}</td>
      <td>{inUse ? prompt.usedBy.join(', ') : '–'}</td>
      <td className={classes.actions}>
        <PlayPrompt prompt={prompt.prompt} name={name} />
        {mayEdit && prompt.id !== null && (
          <Button
            variant="subtle"
            color="red"
            size="compact-sm"
            disabled={inUse || removing.isPending}
            title={inUse ? t('prompts.inUse') : undefined}
            aria-label={t(armed ? 'prompts.removeAgain' : 'prompts.removeNamed', { name })}
            onClick={press}
          >
            {t(armed ? 'prompts.removeAgain' : 'prompts.remove', { name })}
          </Button>
        )}
        {removing.error ? <Trouble>{words(removing.error)}</Trouble> : null}
      </td>
    </tr>
  );
}
