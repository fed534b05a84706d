import { addNote, type Dossier, type Note } from '@kernlijn/contract/customers';
import { Button } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { useToday } from '@kernlijn/ui/clock.ts';
import { moment } from '@kernlijn/ui/format.ts';
import { Panel } from '@kernlijn/ui/Panel.tsx';
import { createStore, useStore } from '@kernlijn/ui/store.ts';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { memo, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions.ts';
import { KeyTip } from '../shell/KeyTip.tsx';
import { useTrouble } from '../text/trouble.ts';
import { useLocale } from '../text/use-locale.ts';
import classes from './Notes.module.css';
import { dossierKey } from './queries.ts';

/** Notes being written, by customer: switching to another conversation must not lose them. */
const writing = createStore<Record<string, string>>({});

export const Notes = memo(function Notes({ customerId, notes }: { customerId: string; notes: Note[] }) {
  const { t } = useTranslation('customers');
  const client = useQueryClient();
  const words = useTrouble();
  const locale = useLocale();
  const today = useToday();
  const text = useStore(writing)[customerId] ?? '';
  const field = useRef<HTMLTextAreaElement>(null);
  const write = (next: string) => writing.set((all) => ({ ...all, [customerId]: next }));
  useAction('note', () => field.current?.focus());
  const add = useMutation({
    mutationFn: () => call(addNote, { params: { customerId }, body: { text: text.trim() } }),
    onSuccess: (note) => {
      write('');
      client.setQueryData<Dossier>(
        dossierKey(customerId),
        (dossier) => dossier && { ...dossier, notes: [note, ...dossier.notes.filter((other) => other.id !== note.id)] },
      );
    },
  });
  const save = () => text.trim() !== '' && !add.isPending && add.mutate();
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      save();
    }
  };
  return (
    <Panel name="notes" title={t('notes.title')} count={notes.length}>
      <textarea
        ref={field}
        aria-label={t('notes.add')}
        placeholder={t('notes.add')}
        rows={1}
        className={classes.field}
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
        onKeyDown={press}
      />
      {text.trim() !== '' && (
        <div className={classes.save}>
          <KeyTip label="Ctrl ⏎">
            <Button size="compact-xs" loading={add.isPending} onClick={save}>
              {t('notes.save')}
            </Button>
          </KeyTip>
        </div>
      )}
      {add.error && <Trouble>{words(add.error)}</Trouble>}
      {notes.length === 0 && text === '' && <p className={classes.empty}>{t('notes.empty')}</p>}
      <ul className={classes.list}>
        {notes.map((note) => (
          <li key={note.id} className={classes.note}>
            {note.text}
            <span className={classes.by}>
              {t('notes.by', { name: note.authorName, time: moment(note.at, today, locale) })}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
});
