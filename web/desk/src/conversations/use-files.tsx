import { uploadFile } from '@kernlijn/contract/conversations';
import { ActionIcon } from '@mantine/core';
import { upload } from '@kernlijn/ui/call.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { createStore, useStore } from '@kernlijn/ui/store.ts';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailure } from '../shell/notices.ts';
import classes from './Files.module.css';

interface Chosen {
  key: string;
  name: string;
  /** Set when the server has it. */
  id?: string;
}

/** By conversation, so that switching keeps what was attached. */
const chosen = createStore<Record<string, readonly Chosen[]>>({});

export function useFiles(conversationId: string): {
  kept: { id: string; name: string }[];
  busy: boolean;
  list: ReactNode;
  add: (files: FileList) => void;
  clear: () => void;
} {
  const { t } = useTranslation('conversations');
  const fail = useFailure();
  const own = useStore(chosen)[conversationId] ?? [];
  const change = (next: (present: readonly Chosen[]) => readonly Chosen[]) =>
    chosen.set((all) => ({ ...all, [conversationId]: next(all[conversationId] ?? []) }));
  const remove = (key: string) => change((present) => present.filter((other) => other.key !== key));

  const add = (files: FileList) => {
    for (const file of files) {
      const key = crypto.randomUUID();
      change((present) => [...present, { key, name: file.name }]);
      upload(uploadFile, { conversationId }, file).then(
        ({ id }) => change((present) => present.map((other) => (other.key === key ? { ...other, id } : other))),
        (error: unknown) => {
          remove(key);
          fail(error);
        },
      );
    }
  };

  const list = own.length > 0 && (
    <ul className={classes.files}>
      {own.map((file) => (
        <li key={file.key} className={classes.file} data-busy={file.id === undefined}>
          <Icon name="clip" size={13} />
          <span className={classes.name}>{file.id ? file.name : t('compose.uploading', { name: file.name })}</span>
          <ActionIcon size={20} aria-label={t('compose.remove', { name: file.name })} onClick={() => remove(file.key)}>
            <Icon name="close" size={12} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
  return {
    kept: own.flatMap(({ id, name }) => (id ? [{ id, name }] : [])),
    busy: own.some((file) => file.id === undefined),
    list,
    add,
    clear: () => change(() => []),
  };
}
