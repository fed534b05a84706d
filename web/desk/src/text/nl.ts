import access from '../../../../locales/nl/access.json';
import agents from '../../../../locales/nl/agents.json';
import audit from '../../../../locales/nl/audit.json';
import conversations from '../../../../locales/nl/conversations.json';
import customers from '../../../../locales/nl/customers.json';
import email from '../../../../locales/nl/email.json';
import guidance from '../../../../locales/nl/guidance.json';
import recordings from '../../../../locales/nl/recordings.json';
import reporting from '../../../../locales/nl/reporting.json';
import settings from '../../../../locales/nl/settings.json';
import shell from '../../../../locales/nl/shell.json';
import supervising from '../../../../locales/nl/supervising.json';
import telephone from '../../../../locales/nl/telephone.json';

export const nl = {
  access,
  agents,
  audit,
  conversations,
  customers,
  email,
  guidance,
  recordings,
  reporting,
  settings,
  shell,
  supervising,
  telephone,
};
/** Dutch is the measure: a language that misses a key, or has one too many, does not compile. */
export type Texts = typeof nl;
