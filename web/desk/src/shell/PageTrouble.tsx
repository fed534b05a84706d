import { Button } from '@mantine/core';
import { Unreachable } from '@kernlijn/ui/call.ts';
import { Empty } from '@kernlijn/ui/Empty.tsx';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** The whole page failed: loading it again is safe, because nothing that matters lives in it. */
export function PageTrouble({ error }: ErrorComponentProps) {
  const { t } = useTranslation('shell');
  return (
    <div role="alert">
      <Empty icon="warning" title={t('trouble.title')}>
        <p>{error instanceof Unreachable ? t('trouble.unreachable') : t('trouble.page')}</p>
        <Button onClick={() => location.reload()}>{t('trouble.reload')}</Button>
      </Empty>
    </div>
  );
}
