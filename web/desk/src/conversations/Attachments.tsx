import type { AttachmentLine } from '@kernlijn/contract/conversations';
import { fileSize } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import { useLocale } from '../text/use-locale.ts';
import classes from './Attachments.module.css';

type Line = z.infer<typeof AttachmentLine>;

export const fileAddress = (id: string): string => `/api/attachments/${id}`;

export function Attachments({ lines }: { lines: Line[] }) {
  const { t } = useTranslation('conversations');
  const locale = useLocale();
  const shown = lines.filter((line) => !line.inline);
  if (shown.length === 0) return null;
  return (
    <ul className={classes.list} aria-label={t('message.attachments')}>
      {shown.map((line) => {
        const size = fileSize(line.size, locale);
        return (
          <li key={line.id} className={line.mediaType.startsWith('audio/') ? classes.heard : undefined}>
            {line.mediaType.startsWith('audio/') && (
              // oxlint-disable-next-line jsx-a11y/media-has-caption -- a message as somebody left it; nobody has written it down
              <audio controls preload="metadata" src={fileAddress(line.id)} aria-label={line.name} />
            )}
            <a
              className={classes.file}
              href={fileAddress(line.id)}
              download={line.name}
              title={t('message.download', { name: line.name, size })}
            >
              <Icon name="clip" size={14} />
              <span className={classes.name}>{line.name}</span>
              <span className={classes.size}>{size}</span>
              <Icon name="download" size={14} />
            </a>
          </li>
        );
      })}
    </ul>
  );
}
