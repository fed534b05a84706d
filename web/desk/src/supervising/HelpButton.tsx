import { askHelp, withdrawHelp } from '@kernlijn/contract/supervising';
import { Button, Popover, TextInput } from '@mantine/core';
import { call } from '@kernlijn/ui/call.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useAction } from '../shell/actions.ts';
import { tip, useKeyOf } from '../shell/KeyTip.tsx';
import { useFailure } from '../shell/notices.ts';
import { supervisingKey, supervisingQuery } from './queries.ts';
import classes from './Help.module.css';

/** One key asks; a word with it may follow. Who comes stands in its place. */
export function HelpButton({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation('supervising');
  const client = useQueryClient();
  const fail = useFailure();
  const [open, setOpen] = useState(false);
  const [word, setWord] = useState('');
  const asked = useQuery(supervisingQuery).data?.help.find((each) => each.conversationId === conversationId);
  const onSettled = () => client.invalidateQueries({ queryKey: supervisingKey });
  const ask = useMutation({
    mutationFn: (said: string) => call(askHelp, { params: { conversationId }, body: { word: said } }),
    ...{ onError: fail, onSettled },
  });
  const withdraw = useMutation({
    mutationFn: () => call(withdrawHelp, { params: { conversationId } }),
    ...{ onError: fail, onSettled },
  });
  const press = () => {
    if (asked) return withdraw.mutate();
    setWord('');
    ask.mutate('');
    setOpen(true);
  };
  useAction('help', press);
  const key = useKeyOf('help');
  const label = t(asked ? 'help.withdraw' : 'help.ask');
  const send = (event: FormEvent) => {
    event.preventDefault();
    setOpen(false);
    if (word.trim() !== '') ask.mutate(word);
  };
  return (
    <>
      <Popover opened={open && !asked?.takenBy} onChange={setOpen} trapFocus position="bottom-start">
        <Popover.Target>
          <Button
            {...tip(label, key)}
            variant={asked ? 'filled' : 'default'}
            aria-pressed={asked !== undefined}
            loading={ask.isPending || withdraw.isPending}
            leftSection={<Icon name="hand" size={14} />}
            onClick={press}
          >
            {label}
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('help.word')}>
          <form onSubmit={send} className={classes.word}>
            <TextInput
              data-autofocus
              label={t('help.word')}
              description={t('help.wordHint')}
              maxLength={200}
              value={word}
              onChange={(event) => setWord(event.currentTarget.value)}
            />
            <Button type="submit" size="xs" disabled={word.trim() === ''}>
              {t('help.send')}
            </Button>
          </form>
        </Popover.Dropdown>
      </Popover>
      <span role="status" className={classes.state}>
        {asked && (asked.takenBy ? t('help.comes', { name: asked.takenBy.name }) : t('help.asked'))}
      </span>
    </>
  );
}
