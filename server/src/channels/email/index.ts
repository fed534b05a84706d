/** Mail: taken in by SMTP, answered by SMTP, its text made safe and its attachments kept. */
export { startMailIntake } from './intake.ts';
export type { MailIntake } from './intake.ts';
export { emailChannel } from './port.ts';
export { emailRoutes } from './routes.ts';
export { startMailSender } from './sender.ts';
export type { MailSender } from './sender.ts';
