import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { euros } from '@kernlijn/ui/format.ts';
import { Icon } from '@kernlijn/ui/Icon.tsx';
import { Panel } from '@kernlijn/ui/Panel.tsx';
import { Trouble } from '@kernlijn/ui/Trouble.tsx';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTrouble } from '../text/trouble.ts';
import { useLocale } from '../text/use-locale.ts';
import classes from './Products.module.css';
import { productsQuery } from './queries.ts';

const most = 8;

export function Products({ clientId }: { clientId: string }) {
  const { t } = useTranslation('guidance');
  return (
    <Panel name="products" title={t('products.title')} folded>
      <ProductSearch clientId={clientId} />
    </Panel>
  );
}

function ProductSearch({ clientId }: { clientId: string }) {
  const { t } = useTranslation('guidance');
  const words = useTrouble();
  const locale = useLocale();
  const [text, setText] = useState('');
  const [settled] = useDebouncedValue(text.trim(), 200);
  const found = useQuery(productsQuery(clientId, settled));
  return (
    <>
      <TextInput
        type="search"
        aria-label={t('products.search')}
        placeholder={t('products.search')}
        leftSection={<Icon name="search" size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {found.error && !found.data && <Trouble>{words(found.error)}</Trouble>}
      {found.data?.products.length === 0 && (
        <p className={classes.empty}>{settled ? t('products.empty', { text: settled }) : t('products.none')}</p>
      )}
      <ul className={classes.list}>
        {found.data?.products.slice(0, most).map((product) => (
          <li key={product.id} className={classes.product}>
            <span className={classes.name}>{product.name}</span>
            <span className={classes.price}>
              {product.priceCents === null ? t('products.onRequest') : euros(product.priceCents, locale)}
              {product.unit && product.priceCents !== null && (
                <span className={classes.unit}> {t('products.per', { unit: product.unit })}</span>
              )}
            </span>
            <span className={classes.what}>
              {product.code} · {product.description}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
