/** Who may send us requests: addresses and networks (`192.0.2.0/24`, `2001:db8::1`), and for a while whom we call. */
import { BlockList, isIP, isIPv6 } from 'node:net';

export class SourceGate {
  private readonly list: BlockList | null;
  /** How many calls of ours go to an address. Those we call may hang up, whatever the list says. */
  private readonly called = new Map<string, number>();

  /** Throws `RangeError` with the entry that is no address or network. */
  constructor(allow: readonly string[]) {
    this.list = allow.length === 0 ? null : blockListOf(allow);
  }

  /** Nobody is named. */
  get isEmpty(): boolean {
    return this.list === null;
  }

  /** It is in the list. */
  names(address: string): boolean {
    return this.list !== null && contains(this.list, address);
  }

  /** A call of ours goes there. */
  isCalled(address: string): boolean {
    return this.called.has(address);
  }

  /** Opens the gate for the far end of a call of ours, until the function it returns is called. */
  open(address: string): () => void {
    this.called.set(address, (this.called.get(address) ?? 0) + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      const left = (this.called.get(address) ?? 1) - 1;
      if (left > 0) this.called.set(address, left);
      else this.called.delete(address);
    };
  }
}

/** Whether an address is in one of the networks. */
export function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** @throws RangeError with the entry that is no address or network */
export function blockListOf(allow: readonly string[]): BlockList {
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
  return list;
}
