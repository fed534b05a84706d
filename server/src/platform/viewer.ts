import type { Permission, Role } from '@kernlijn/contract/access';
import type { Locale } from '@kernlijn/contract/endpoint';

/** Who is behind a request or a live connection, and what they may see. */
export interface Viewer {
  personId: string;
  name: string;
  role: Role;
  locale: Locale;
  permissions: ReadonlySet<Permission>;
  clientIds: readonly string[];
  /** Can be offered work. */
  isAgent: boolean;
}
