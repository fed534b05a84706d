/**
 * SIP messages as plain data (RFC 3261 §7). Whoever holds one may trust it: start line, Via, From, To, Call-ID, CSeq
 * and Content-Length have been read and agree with each other. Everything else is read where it is used.
 */
import { parseAddress, parseCSeq, parseVia, type Address, type CSeq, type Via } from './header-fields.ts';
import { parseUri, type Uri } from './uri.ts';

/** `name` is in lower case and in its long form; a list header has one field for each of its values. */
export type HeaderField = { name: string; value: string };

type Core = { via: Via; from: Address; to: Address; callId: string; cseq: CSeq; headers: HeaderField[]; body: Buffer };
export type SipRequest = Core & { kind: 'request'; method: string; uri: Uri };
export type SipResponse = Core & { kind: 'response'; status: number; reason: string };
export type SipMessage = SipRequest | SipResponse;

/** What cannot be trusted. `request` holds what a refusal must echo (§8.2.6.2), when that much could be read. */
export class BadMessage extends Error {
  override name = 'BadMessage';
  readonly status: number;
  readonly echo: readonly HeaderField[] | null;
  constructor(message: string, status = 400, echo: readonly HeaderField[] | null = null) {
    super(message);
    this.status = status;
    this.echo = echo;
  }
}

export function header(message: { headers: readonly HeaderField[] }, name: string): string | null {
  return message.headers.find((field) => field.name === name)?.value ?? null;
}

export function headers(message: { headers: readonly HeaderField[] }, name: string): string[] {
  return message.headers.filter((field) => field.name === name).map((field) => field.value);
}

/** Whether a list header such as Supported or Allow names this option (options are tokens, case-insensitive). */
export function lists(message: { headers: readonly HeaderField[] }, name: string, option: string): boolean {
  return headers(message, name).some((value) => value.toLowerCase() === option.toLowerCase());
}

export function tagOf(address: Address): string {
  return address.params.get('tag') ?? '';
}

/** The parts every message must have (§8.1.1); throws `BadMessage` when one is missing, double or unreadable. */
export function readCore(fields: readonly HeaderField[]): Omit<Core, 'headers' | 'body'> {
  const via = parseVia(fields.find((field) => field.name === 'via')?.value ?? '');
  const from = parseAddress(single(fields, 'from'));
  const to = parseAddress(single(fields, 'to'));
  const cseq = parseCSeq(single(fields, 'cseq'));
  const callId = single(fields, 'call-id');
  if (!via) throw new BadMessage('Via missing or unreadable');
  if (!from) throw new BadMessage('From unreadable');
  if (!to) throw new BadMessage('To unreadable');
  if (!cseq) throw new BadMessage('CSeq unreadable');
  if (callId.length > 256 || /\s/.test(callId)) throw new BadMessage('Call-ID unreadable');
  return { via, from, to, callId, cseq };
}

/** Exactly one value, or refused: a second From or Call-ID would make two parsers see two different calls. */
export function single(fields: readonly HeaderField[], name: string): string {
  const values = fields.filter((field) => field.name === name);
  if (values.length > 1) throw new BadMessage(`${name} occurs ${values.length} times`);
  if (!values[0]?.value) throw new BadMessage(`${name} missing`);
  return values[0].value;
}

/** A request of our own. `uri` is the Request-URI. */
export function composeRequest(
  method: string,
  uri: string,
  fields: HeaderField[],
  body: Body | null = null,
): SipRequest {
  const target = parseUri(uri);
  if (!target) throw new BadMessage(`no URI: ${uri}`);
  const all = body === null ? fields : [...fields, { name: 'content-type', value: body.type }];
  return { kind: 'request', method, uri: target, headers: all, body: Buffer.from(body?.text ?? ''), ...readCore(all) };
}

export type Body = { type: string; text: string };

/** §8.2.6: what a response takes over from its request. The tag is ours, in everything but 100. */
export function composeResponse(
  request: SipRequest,
  status: number,
  options: { toTag?: string; headers?: HeaderField[]; body?: Body; reason?: string } = {},
): SipResponse {
  const { toTag, headers: extra = [], body, reason = reasonPhrase(status) } = options;
  const fields: HeaderField[] = [];
  for (const field of request.headers) {
    if (field.name === 'to' && toTag !== undefined && tagOf(request.to) === '') {
      fields.push({ name: 'to', value: `${field.value};tag=${toTag}` });
    } else if (echoed.has(field.name) || (field.name === 'timestamp' && status === 100)) {
      fields.push(field);
    } else if (field.name === 'record-route' && createsDialog(request, status)) {
      fields.push(field); // §12.1.1
    }
  }
  fields.push(...extra);
  if (body) fields.push({ name: 'content-type', value: body.type });
  return {
    kind: 'response',
    status,
    reason,
    headers: fields,
    body: Buffer.from(body?.text ?? ''),
    ...readCore(fields),
  };
}

/** Headers in which a request is recognised by its sender. */
export const echoed: ReadonlySet<string> = new Set(['via', 'from', 'to', 'call-id', 'cseq']);

function createsDialog(request: SipRequest, status: number): boolean {
  return request.method === 'INVITE' && status > 100 && status < 300;
}

const phrases: Readonly<Record<number, string>> = {
  100: 'Trying',
  180: 'Ringing',
  183: 'Session Progress',
  200: 'OK',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  420: 'Bad Extension',
  422: 'Session Interval Too Small',
  423: 'Interval Too Brief',
  480: 'Temporarily Unavailable',
  481: 'Call/Transaction Does Not Exist',
  482: 'Loop Detected',
  486: 'Busy Here',
  487: 'Request Terminated',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  505: 'Version Not Supported',
  513: 'Message Too Large',
  600: 'Busy Everywhere',
  603: 'Decline',
  606: 'Not Acceptable',
};

function reasonPhrase(status: number): string {
  return phrases[status] ?? phrases[Math.floor(status / 100) * 100] ?? 'Failure';
}
