/** Who calls and whom, as a person would write it. */
import { parseAddress } from './header-fields.ts';
import { header, headers, type SipRequest } from './message.ts';
import { userOf } from './uri.ts';

export type Identity = { from: string; to: string; displayName: string };

/**
 * `trusted`: the peer belongs to our trust domain, so its P-Asserted-Identity is believed (RFC 3325 §9.1) in place of
 * From, which anybody may fill in. A withheld number is '' (RFC 3323 §4.1.1, RFC 3325 §9.3).
 */
export function identityOf(request: SipRequest, trusted: boolean): Identity {
  const to = userOf(request.uri);
  const asserted = trusted ? parseAddress(header(request, 'p-asserted-identity') ?? '') : null;
  const caller = asserted ?? request.from;
  const privacy = headers(request, 'privacy').flatMap((value) => value.toLowerCase().split(/\s*;\s*/));
  const withheld = privacy.some((kind) => kind === 'id' || kind === 'user' || kind === 'header');
  if (withheld || isAnonymous(caller)) return { from: '', to, displayName: '' };
  const displayName = (caller.displayName || request.from.displayName).replace(/\p{Cc}/gu, '').slice(0, 80);
  return { from: userOf(caller.uri).slice(0, 120), to: to.slice(0, 120), displayName };
}

/** RFC 3323 §4.1.1.3: sip:anonymous@anonymous.invalid; many networks write another host behind it. */
function isAnonymous({ uri }: SipRequest['from']): boolean {
  if (uri.scheme === 'other' || uri.scheme === 'tel') return false;
  return uri.host === 'anonymous.invalid' || userOf(uri).toLowerCase() === 'anonymous';
}
