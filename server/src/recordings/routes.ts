import type { FastifyInstance, FastifyReply } from 'fastify';
import { done, Id } from '@kernlijn/contract/endpoint';
import * as calls from '@kernlijn/contract/recordings';
import { z } from 'zod';
import type { Context } from '../platform/context.ts';
import { permitted, route } from '../platform/http.ts';
import { Refusal } from '../platform/refusal.ts';
import { healthOf } from './health.ts';
import { addParts, beginListening, deleteRecording, holdRecording, openListening } from './listening.ts';
import type { OpenListening } from './listening.ts';
import { byteRange } from './parts.ts';
import { callRecordings, recordingDetail, recordingList } from './reading.ts';
import { changePolicy, changePurposes, recordingSettings } from './settings.ts';

export function recordingRoutes(app: FastifyInstance, { db, files, log }: Pick<Context, 'db' | 'files' | 'log'>): void {
  route(
    app,
    calls.readRecordingSettings,
    'settings.view',
    async ({ viewer }) => await db.asReader(viewer, async (tx) => ({ clients: await recordingSettings(tx, viewer) })),
  );
  route(
    app,
    calls.changePurposes,
    'recordings.govern',
    async ({ viewer, body }) => await db.asViewer(viewer, (tx) => changePurposes(tx, viewer, body)),
  );
  route(
    app,
    calls.changePolicy,
    'recordings.govern',
    async ({ viewer, body }) => await db.asViewer(viewer, (tx) => changePolicy(tx, viewer, body)),
  );
  route(
    app,
    calls.listRecordings,
    'recordings.listen',
    async ({ viewer, query }) => await db.asReader(viewer, (tx) => recordingList(tx, viewer, query, new Date())),
  );
  route(
    app,
    calls.readRecordingHealth,
    'recordings.govern',
    async ({ viewer }) => await db.asReader(viewer, (tx) => healthOf(tx, new Date())),
  );
  route(
    app,
    calls.readCallRecordings,
    'customers.view',
    async ({ viewer, params }) =>
      await db.asReader(viewer, (tx) => callRecordings(tx, viewer, params.conversationId, new Date())),
  );
  route(
    app,
    calls.readRecording,
    'recordings.listen',
    async ({ viewer, params }) =>
      await db.asReader(viewer, (tx) => recordingDetail(tx, viewer, params.recordingId, new Date())),
  );
  route(app, calls.beginListening, 'recordings.listen', async ({ viewer, params, body }) => ({
    listeningId: await db.asViewer(viewer, (tx) =>
      beginListening(tx, viewer, params.recordingId, body.copyReason, new Date()),
    ),
  }));
  route(app, calls.tellHeard, 'recordings.listen', async ({ viewer, params, body }) => {
    await db.asViewer(viewer, async (tx) => {
      const listening = await openListening(tx, viewer, params.recordingId, body.listeningId, new Date());
      await addParts(tx, listening, 'heard', body.heard);
    });
    return done;
  });
  route(
    app,
    calls.holdRecording,
    'recordings.govern',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => holdRecording(tx, viewer, params.recordingId, body.reason, new Date())),
  );
  route(
    app,
    calls.deleteRecording,
    'recordings.govern',
    async ({ viewer, params, body }) =>
      await db.asViewer(viewer, (tx) => deleteRecording(tx, viewer, params.recordingId, body.reason, new Date())),
  );

  // It answers with bytes, not with JSON, so it has no endpoint in the contract.
  const Audio = z.object({ listening: Id.optional() });
  app.get(
    '/api/recordings/:recordingId/audio',
    {
      schema: {
        tags: ['recordings'],
        params: z.object({ recordingId: Id }),
        querystring: Audio,
        summary: 'The sound of a recording, by ranges, for who has begun to listen',
      },
    },
    async (request, reply) => {
      const viewer = permitted(request, 'recordings.listen');
      const { recordingId } = z.object({ recordingId: Id }).parse(request.params);
      const { listening: listeningId } = Audio.parse(request.query);
      if (listeningId === undefined) throw new Refusal('not-found');
      const listening = await db.asReader(viewer, (tx) =>
        openListening(tx, viewer, recordingId, listeningId, new Date()),
      );
      return send(reply, listening, request.headers.range);
    },
  );

  function send(reply: FastifyReply, listening: OpenListening, asked: string | undefined): FastifyReply {
    const { size } = listening;
    const range = byteRange(asked, size);
    if (range === 'none') return reply.status(416).header('content-range', `bytes */${size}`).send();
    const { start, end } = range ?? { start: 0, end: size - 1 };
    const sound = files.readOwn(listening.recordingId, { start, end });
    // What a player says it played is not all there is to know: what left the house is noted as well.
    sound.once('close', () => {
      const at = (bytes: number) => Math.round(((start + bytes) / size) * listening.milliseconds);
      db.asSystem((tx) => addParts(tx, listening, 'sent', [{ from: at(0), to: at(sound.bytesRead) }])).catch(
        (error: unknown) => log.error({ err: error }, 'recordings: what was sent could not be noted'),
      );
    });
    return reply
      .status(range === null ? 200 : 206)
      .headers({
        'content-type': 'audio/wav',
        'content-length': end - start + 1,
        'accept-ranges': 'bytes',
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
        ...(range === null ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
        ...(listening.isCopy ? { 'content-disposition': `attachment; filename="${nameOf(listening)}"` } : {}),
      })
      .send(sound);
  }
}

const nameOf = ({ startedAt, recordingId }: OpenListening): string =>
  `recording-${(startedAt ?? new Date(0)).toISOString().slice(0, 16).replace(/[:T]/g, '-')}-${recordingId.slice(-6)}.wav`;
