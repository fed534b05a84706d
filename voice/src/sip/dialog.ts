/** Dialogs (RFC 3261 §12): who talks to whom, by which way, with which sequence numbers. */
import { formatAddress, parseAddress } from './header-fields.ts';
import {
  composeRequest,
  header,
  headers,
  tagOf,
  type Body,
  type HeaderField,
  type SipRequest,
  type SipResponse,
} from './message.ts';
import { formatUri, type SipUri, type Uri } from './uri.ts';

export type Dialog = {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** From and To as we write them in our requests, tags included. */
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly routes: readonly string[];
  /** Where the far end wants its requests; a target refresh changes it (§12.2). */
  remoteTarget: Uri;
  localSequence: number;
  remoteSequence: number | null;
};

/** §12.1.1. Null when the INVITE has no usable Contact. */
export function dialogAsServer(invite: SipRequest, localTag: string): Dialog | null {
  const contact = contactOf(invite);
  return (
    contact && {
      callId: invite.callId,
      localTag,
      remoteTag: tagOf(invite.from),
      localAddress: formatAddress('', invite.to.uri, localTag),
      remoteAddress: header(invite, 'from') ?? '',
      routes: headers(invite, 'record-route'),
      remoteTarget: contact,
      localSequence: 0,
      remoteSequence: invite.cseq.number,
    }
  );
}

/** §12.1.2: the route set is the Record-Route of the response, in reverse. */
export function dialogAsClient(invite: SipRequest, response: SipResponse): Dialog {
  return {
    callId: invite.callId,
    localTag: tagOf(invite.from),
    remoteTag: tagOf(response.to),
    localAddress: header(invite, 'from') ?? '',
    remoteAddress: header(response, 'to') ?? '',
    routes: headers(response, 'record-route').toReversed(),
    remoteTarget: contactOf(response) ?? invite.uri,
    localSequence: invite.cseq.number,
    remoteSequence: null,
  };
}

export function dialogKey(callId: string, localTag: string, remoteTag: string): string {
  return `${callId} ${localTag} ${remoteTag}`;
}

/** §12.2.2: false for a request that is older than one already seen; it is answered 500. */
export function acceptSequence(dialog: Dialog, request: SipRequest): boolean {
  if (dialog.remoteSequence !== null && request.cseq.number < dialog.remoteSequence) return false;
  dialog.remoteSequence = request.cseq.number;
  return true;
}

/** §12.2: INVITE and UPDATE move the remote target (RFC 3311 §5.2), the route set stays. */
export function refreshTarget(dialog: Dialog, message: SipRequest | SipResponse): void {
  dialog.remoteTarget = contactOf(message) ?? dialog.remoteTarget;
}

export type InDialog = { method: string; via: string; extra: readonly HeaderField[]; body: Body | null };

/** §12.2.1.1. ACK has the number of its INVITE (§13.2.2.4); every other method the next one. */
export function requestInDialog(dialog: Dialog, { method, via, extra, body }: InDialog, ackOf?: number): SipRequest {
  const sequence = ackOf ?? ++dialog.localSequence;
  const { target, routes } = wayOf(dialog);
  const fields: HeaderField[] = [
    { name: 'via', value: via },
    { name: 'max-forwards', value: '70' },
    ...routes.map((value) => ({ name: 'route', value })),
    { name: 'from', value: dialog.localAddress },
    { name: 'to', value: dialog.remoteAddress },
    { name: 'call-id', value: dialog.callId },
    { name: 'cseq', value: `${sequence} ${method}` },
    ...extra,
  ];
  return composeRequest(method, formatUri(target), fields, body);
}

/** §12.2.1.1: a first hop without `lr` is a strict router and gets itself as Request-URI. */
function wayOf(dialog: Dialog): { target: Uri; routes: readonly string[] } {
  const first = routeUri(dialog.routes[0]);
  if (!first || first.params.has('lr')) return { target: dialog.remoteTarget, routes: dialog.routes };
  return { target: first, routes: [...dialog.routes.slice(1), `<${formatUri(dialog.remoteTarget)}>`] };
}

/** §8.1.2: the host to send to. Null when it is no SIP URI. */
export function nextHop(dialog: Dialog): SipUri | null {
  const route = routeUri(dialog.routes[0]);
  return route ?? sipUri(dialog.remoteTarget);
}

function sipUri(uri: Uri | null | undefined): SipUri | null {
  return uri && (uri.scheme === 'sip' || uri.scheme === 'sips') ? uri : null;
}

function routeUri(route: string | undefined): SipUri | null {
  return route === undefined ? null : sipUri(parseAddress(route)?.uri);
}

function contactOf(message: SipRequest | SipResponse): Uri | null {
  return sipUri(parseAddress(header(message, 'contact') ?? '')?.uri);
}
