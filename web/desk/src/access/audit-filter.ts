/** The filter of the audit, as it stands in the address. Pure. */
import type { AuditEntry } from '@kernlijn/contract/access';

export interface AuditFilter {
  find?: string;
  action?: string;
  client?: string;
}

export function readAuditFilter(search: Record<string, unknown>): AuditFilter {
  const text = (name: keyof AuditFilter): AuditFilter => {
    const value = search[name];
    // A number in the address is text that happens to consist of digits.
    return typeof value === 'string' || typeof value === 'number' ? { [name]: String(value) } : {};
  };
  return { ...text('find'), ...text('action'), ...text('client') };
}

/** @param words what the entry shows, apart from its person */
export function fits(entry: AuditEntry, filter: AuditFilter, words: string): boolean {
  if (filter.action !== undefined && entry.action !== filter.action) return false;
  if (filter.client !== undefined && entry.clientId !== filter.client) return false;
  const text = `${entry.personName ?? ''} ${entry.subject} ${words}`.toLowerCase();
  return (filter.find ?? '')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
