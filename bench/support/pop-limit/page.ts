/** The least a page can do: one message, one state, and React paints the dossier in it without style or script around it. */
import { createElement as h, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { Dossier } from '@kernlijn/contract/customers';

export function Page() {
  const [dossier, setDossier] = useState<Dossier>();
  useEffect(() => {
    const socket = new WebSocket(`ws://${location.host}/live`);
    socket.addEventListener('message', ({ data }) => setDossier(JSON.parse(String(data)).screenPop));
    return () => socket.close();
  }, []);
  if (dossier === undefined) return h('p', null, '…');
  const { customer, notes, timeline } = dossier;
  return h(
    'section',
    { 'data-column': 'customer' },
    h(
      'h2',
      null,
      [customer.givenName, customer.prefix, customer.familyName, customer.company].filter(Boolean).join(' '),
    ),
    h(
      'dl',
      null,
      customer.identifiers.map(({ kind, value }) =>
        h('div', { key: value }, h('dt', null, kind), h('dd', null, value)),
      ),
    ),
    h('address', null, customer.address?.street, ' ', customer.address?.houseNumber, ' ', customer.address?.city),
    h(
      'ul',
      null,
      notes.map(({ id, text, authorName, at }) => h('li', { key: id }, text, authorName, at)),
    ),
    h(
      'ol',
      null,
      timeline.map(({ conversationId, subject, summary, agentName, at }) =>
        h('li', { key: conversationId }, h('b', null, subject), h('time', null, at), h('p', null, summary), agentName),
      ),
    ),
  );
}

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(h(Page));
