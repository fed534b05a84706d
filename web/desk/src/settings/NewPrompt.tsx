import { Button, FileButton, Select, TextInput } from '@mantine/core';
import { addPrompt, type SpokenLanguage } from '@kernlijn/contract/menu';
import { Refusal, upload } from '@kernlijn/ui/call.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../shell/announce.ts';
import { useTrouble } from '../text/trouble.ts';
import classes from './Prompts.module.css';
import { asWav } from './prompt-sound.ts';
import { promptsQuery } from './queries.ts';
import { useRecorder } from './use-recorder.ts';

/** A prompt from a file or from the microphone; heard before it is kept. */
export function NewPrompt({ clientId, clientName }: { clientId: string; clientName: string }) {
  const { t } = useTranslation('settings');
  const words = useTrouble();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [language, setLanguage] = useState<SpokenLanguage>('nl');
  const [sound, setSound] = useState<File | null>(null);
  const [unreadable, setUnreadable] = useState(false);
  const take = (blob: Blob) => {
    setUnreadable(false);
    asWav(blob, 'prompt').then(setSound, () => setUnreadable(true));
  };
  const recorder = useRecorder(take);
  const keeping = useMutation({
    mutationFn: async (file: File) => await upload(addPrompt, {}, file, { clientId, name: name.trim(), language }),
    onSuccess: async ({ name: kept }) => {
      setName('');
      setSound(null);
      announce(t('prompts.added', { name: kept }));
      await queries.invalidateQueries({ queryKey: promptsQuery.queryKey });
    },
  });
  const taken = keeping.error instanceof Refusal && keeping.error.code === 'conflict';
  const reason = keeping.error instanceof Refusal ? keeping.error.facts['reason'] : undefined;
  return (
    <form
      className={classes.add}
      aria-label={t('prompts.new', { client: clientName })}
      onSubmit={(event) => {
        event.preventDefault();
        if (sound !== null && name.trim() !== '') keeping.mutate(sound);
      }}
    >
      <TextInput
        label={t('prompts.name')}
        value={name}
        maxLength={80}
        error={taken ? t('prompts.taken') : undefined}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={t('prompts.language')}
        allowDeselect={false}
        value={language}
        onChange={(chosen) => setLanguage(chosen === 'en' ? 'en' : 'nl')}
        data={(['nl', 'en'] as const).map((value) => ({ value, label: t(`flow.language.${value}`) }))}
      />
      <div className={classes.sources}>
        <FileButton accept="audio/*" onChange={(file) => file && take(file)}>
          {(props) => (
            <Button {...props} variant="default" leftSection={<Icon name="clip" size={14} />}>
              {t('prompts.file')}
            </Button>
          )}
        </FileButton>
        <Button
          variant={recorder.recording ? 'filled' : 'default'}
          {...(recorder.recording ? { color: 'red' } : {})}
          leftSection={<Icon name="mic" size={14} />}
          onClick={recorder.recording ? recorder.stop : recorder.start}
        >
          {t(recorder.recording ? 'prompts.stopRecording' : 'prompts.record')}
        </Button>
        <Button type="submit" disabled={sound === null || name.trim() === ''} loading={keeping.isPending}>
          {t('prompts.keep')}
        </Button>
      </div>
      {sound && <Listen sound={sound} />}
      {recorder.refused && <Trouble>{t('prompts.noMicrophone')}</Trouble>}
      {(unreadable || reason !== undefined) && (
        <Trouble>{t(reason === 'long' ? 'prompts.long' : 'prompts.unreadable')}</Trouble>
      )}
      {keeping.error && !taken && reason === undefined ? <Trouble>{words(keeping.error)}</Trouble> : null}
    </form>
  );
}

function Listen({ sound }: { sound: File }) {
  const { t } = useTranslation('settings');
  const address = useMemo(() => URL.createObjectURL(sound), [sound]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  // oxlint-disable-next-line jsx-a11y/media-has-caption -- what was just spoken or chosen
  return <audio controls src={address} aria-label={t('prompts.listen')} className={classes.listen} />;
}
