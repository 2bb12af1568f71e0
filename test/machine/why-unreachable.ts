/**
 * Asks within five seconds whether a host answers over HTTPS. A machine without that network then
 * fails at once and with the reason, instead of waiting for a downloader's retries.
 */

import { request } from 'node:https';

/** @returns undefined when the host answers, with any status; else why not */
export function whyUnreachable(host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const outgoing = request({ host, method: 'HEAD', path: '/', signal: AbortSignal.timeout(5000) });
    outgoing.on('response', (response) => {
      response.destroy();
      resolve(undefined);
    });
    outgoing.on('error', (error) => resolve(`cannot be reached (${error.message})`));
    outgoing.end();
  });
}
