/**
 * The entry of the library's threads and child processes. In the bundle it imports `index.js`, so
 * that the library and the user's functions in a worker share one scheduler.
 */
import { serveParent } from './worker/main.ts';

serveParent();
