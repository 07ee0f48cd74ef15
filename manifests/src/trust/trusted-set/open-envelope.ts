import { type Envelope, parseEnvelope } from '../metadata/envelope.ts';
import { malformed } from '../metadata/metadata.ts';

/** @throws TrustError `bad-metadata` */
export function openEnvelope(role: string, bytes: Uint8Array): Envelope {
  const envelope = parseEnvelope(bytes);
  if (envelope === undefined) throw malformed(role, 'it is no signed metadata');
  return envelope;
}
