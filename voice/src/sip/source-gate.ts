/** Who may talk SIP to us: addresses and networks (`192.0.2.0/24`, `2001:db8::1`). An empty list admits everyone. */
import { BlockList, isIP, isIPv6 } from 'node:net';

/** Throws `RangeError` with the entry that is no address or network. */
export function sourceGate(allow: readonly string[]): (address: string) => boolean {
  if (allow.length === 0) return () => true;
  const list = new BlockList();
  for (const entry of allow) {
    const [address = '', bits] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    const most = family === 'ipv6' ? 128 : 32;
    if (!isIP(address) || (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > most))) {
      throw new RangeError(`no address or network: ${entry}`);
    }
    list.addSubnet(address, bits === undefined ? most : Number(bits), family);
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
