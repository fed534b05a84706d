import type { Texts } from './nl.ts';
import access from '../../../../locales/en/access.json';
import agents from '../../../../locales/en/agents.json';
import audit from '../../../../locales/en/audit.json';
import conversations from '../../../../locales/en/conversations.json';
import customers from '../../../../locales/en/customers.json';
import email from '../../../../locales/en/email.json';
import guidance from '../../../../locales/en/guidance.json';
import recordings from '../../../../locales/en/recordings.json';
import reporting from '../../../../locales/en/reporting.json';
import settings from '../../../../locales/en/settings.json';
import shell from '../../../../locales/en/shell.json';
import supervising from '../../../../locales/en/supervising.json';
import telephone from '../../../../locales/en/telephone.json';

export const en: Texts = {
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
} satisfies Texts;
