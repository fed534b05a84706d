import type { Message } from '@kernlijn/contract/conversations';
import { Button } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fileAddress } from './Attachments.tsx';
import { addressWithImages, foldQuote, frameDocument, hasRemoteImages } from './mail-html.ts';
import classes from './MailFrame.module.css';

/** Remote images tell the sender that and when the mail was read; they are loaded only when asked for. */
export function MailFrame({ message, html }: { message: Message; html: string }) {
  const { t } = useTranslation('conversations');
  const [images, setImages] = useState(false);
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(80);
  const remote = useMemo(() => hasRemoteImages(html), [html]);
  const page = useMemo(
    () =>
      frameDocument(html, {
        inline: (contentId) => {
          const line = message.attachments.find((other) => other.contentId?.replace(/^<|>$/g, '') === contentId);
          return line && fileAddress(line.id);
        },
        quotedLabel: t('message.quoted'),
      }),
    [html, message.attachments, t],
  );

  const watch = useRef<ResizeObserver>(undefined);
  useEffect(() => () => watch.current?.disconnect(), []);
  const loaded = () => {
    const mail = frame.current?.contentDocument;
    if (!mail?.body) return;
    const { body } = mail;
    if (images) foldQuote(mail, t('message.quoted'));
    watch.current?.disconnect();
    watch.current = new ResizeObserver(() => setHeight(Math.ceil(body.scrollHeight)));
    watch.current.observe(body);
  };

  return (
    <div className={classes.mail}>
      {remote && !images && (
        <p className={classes.images}>
          {t('message.images')}
          <Button size="compact-xs" variant="default" onClick={() => setImages(true)}>
            {t('message.showImages')}
          </Button>
        </p>
      )}
      <iframe
        ref={frame}
        className={classes.frame}
        style={{ height }}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        title={t('message.frame', { name: message.authorName })}
        {...(images ? { src: addressWithImages(message.id) } : { srcDoc: page })}
        onLoad={loaded}
      />
    </div>
  );
}
