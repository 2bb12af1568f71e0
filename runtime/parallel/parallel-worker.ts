/** What a thread or a child process of the library is started with. In the bundle it imports `index.js`: one library for us and for the user's functions. */
import { serve } from './worker/main.ts';

serve();
