/**
 * Asks within five seconds whether a host answers over HTTPS, so that a machine without
 * that network fails at once and with the reason, instead of waiting for a downloader's retries.
 */

import { request } from 'node:https';

/** Undefined when it answers (with whatever status), else why not, in words. */
export function reachable(host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asking = request({ host, method: 'HEAD', path: '/', signal: AbortSignal.timeout(5000) });
    asking.on('response', (response) => {
      response.destroy();
      resolve(undefined);
    });
    asking.on('error', (error) => resolve(`cannot be reached (${error.message})`));
    asking.end();
  });
}
