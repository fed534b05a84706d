import { ActionIcon } from '@mantine/core';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { promptAddress } from './prompt-words.ts';

/** One press and it is heard; another, and it is quiet. */
export function PlayPrompt({ prompt, name }: { prompt: string; name: string }) {
  const { t } = useTranslation('settings');
  const audio = useRef<HTMLAudioElement | null>(null);
  const [playing, setPlaying] = useState(false);
  useEffect(() => () => audio.current?.pause(), []);
  const press = () => {
    if (playing) {
      audio.current?.pause();
      return;
    }
    const sound = new Audio(promptAddress(prompt));
    audio.current = sound;
    const stop = () => setPlaying(false);
    sound.addEventListener('ended', stop);
    sound.addEventListener('pause', stop);
    sound.addEventListener('error', stop);
    setPlaying(true);
    sound.play().catch(stop);
  };
  return (
    <ActionIcon
      aria-label={t(playing ? 'prompts.stop' : 'prompts.play', { name })}
      aria-pressed={playing}
      onClick={press}
    >
      <Icon name={playing ? 'pause' : 'play'} size={14} />
    </ActionIcon>
  );
}
