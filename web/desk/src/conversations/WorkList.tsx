import type { ConversationCard } from '@kernlijn/contract/conversations';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useOpenId } from '../shell/use-open.ts';
import { WorkLine } from './WorkLine.tsx';
import classes from './WorkList.module.css';

const lineHeight = 56;
/** Below this, plain lines are quicker than measuring which of them are in view. */
const manyLines = 40;

export function WorkList({
  name,
  title,
  cards,
  urgent = false,
}: {
  name: string;
  title: string;
  cards: ConversationCard[];
  urgent?: boolean;
}) {
  if (cards.length === 0) return null;
  return (
    <section className={classes.section} aria-labelledby={`work-${name}`} data-urgent={urgent}>
      <h2 className={classes.title} id={`work-${name}`}>
        {title} <span className={classes.count}>{cards.length}</span>
      </h2>
      {cards.length < manyLines ? <Plain cards={cards} /> : <Virtual cards={cards} />}
    </section>
  );
}

function Plain({ cards }: { cards: ConversationCard[] }) {
  const open = useOpenId();
  return (
    <ul className={classes.list}>
      {cards.map((card) => (
        <li key={card.id}>
          <WorkLine card={card} open={card.id === open} />
        </li>
      ))}
    </ul>
  );
}

function Virtual({ cards }: { cards: ConversationCard[] }) {
  const open = useOpenId();
  const list = useRef<HTMLUListElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- its lines are drawn here and handed to nobody that remembers them
  const lines = useVirtualizer({
    count: cards.length,
    estimateSize: () => lineHeight,
    overscan: 8,
    getScrollElement: () => document.getElementById('work-scroll'),
    scrollMargin: list.current?.offsetTop ?? 0,
    getItemKey: (index) => cards[index]?.id ?? index,
  });
  return (
    <ul className={classes.list} ref={list} style={{ height: lines.getTotalSize(), position: 'relative' }}>
      {lines.getVirtualItems().map(({ index, key, start }) => {
        const card = cards[index];
        return (
          card && (
            <li
              key={key}
              className={classes.placed}
              style={{ transform: `translateY(${start - (list.current?.offsetTop ?? 0)}px)` }}
            >
              <WorkLine card={card} open={card.id === open} />
            </li>
          )
        );
      })}
    </ul>
  );
}
