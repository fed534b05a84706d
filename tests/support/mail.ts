import nodemailer from 'nodemailer';

/** Delivers a mail as a mail server would. @returns what the server answered, such as `250 …` */
export async function sendMail(
  port: number,
  mail: { from: string; to: string; subject: string; text: string },
): Promise<string> {
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true });
  try {
    const { response } = await transport.sendMail(mail);
    return response;
  } finally {
    transport.close();
  }
}
