import { RepositoryError } from './repository-error.ts';

/** OpenSSL's verification results (`X509_V_ERR_…` without the prefix) and the errors of `node:tls`. */
const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERROR_IN_|INVALID_|PATH_LENGTH_|HOSTNAME_|EPROTO$)/;

/** llhttp's parse errors, and a body that is not as long as announced. */
const PROTOCOL_CODE = /^(?:HPE_|ERR_HTTP_)/;

/**
 * What a transfer of `name` from `host` failed with, told by the codes in the chain of causes; unknown ones are faults of
 * the network.
 */
export function httpFailure(error: unknown, name: string, host: string): RepositoryError {
  const codes = codesOf(error);
  const code = codes[0] ?? 'unknown';
  const details = { name, host, cause: code };
  if (codes.some((each) => TLS_CODE.test(each))) {
    return new RepositoryError('tls-failed', `No trusted connection to ${host} (${code}).`, {
      details,
      hint: "Check this device's clock and the server's certificate, or give its CA certificate.",
      cause: error,
    });
  }
  if (codes.some((each) => PROTOCOL_CODE.test(each))) {
    return new RepositoryError(
      'unexpected-answer',
      `The answer for ${name} breaks the rules of HTTP (${code}).`,
      {
        details,
        hint: 'Try again later; check proxies and caches between this device and the repository.',
        cause: error,
      },
    );
  }
  return new RepositoryError('server-unreachable', `No connection to ${host} for ${name} (${code}).`, {
    details,
    hint: 'Check the network, the proxy settings and the URL of the repository.',
    cause: error,
  });
}

function codesOf(error: unknown): string[] {
  const codes: string[] = [];
  for (let each = error; each instanceof Error && codes.length < 8; each = each.cause) {
    if ('code' in each && typeof each.code === 'string') codes.push(each.code);
  }
  return codes;
}
