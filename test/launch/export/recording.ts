/** A small recording for the exports: two tasks, a queue, a wake and a frame. */
import { fromText } from '../../../runtime/trace/format/text.ts';
import { newPart } from '../part-writer.ts';

const RECORDS = [
  '0 0 processBegin pid=7 argv="node /app/main.js" version="v20.0.0" language=node',
  '0 0 laneBegin name="main" kind=main',
  '1000 0 activationBegin id=1 name="get" site="/app/main.js:3:1 function get" kind=async-function',
  '2000 0 resourceBegin id=9 name="orders" capacity=4 kind=queue',
  '3000 0 wait id=1 for=9 site="/app/main.js:4:9 await get | queue.get()" reason=queue-get',
  '4000 0 activationBegin id=2 name="put" site="/app/main.js:8:1 function put" kind=async-function',
  '5000 0 put by=2 resource=9 depth=1 now',
  '6000 0 wake woken=1 waker=2 resource=9',
  '7000 0 activationEnd id=2 outcome=ok',
  '8000 0 run id=1',
  '9000 0 activationEnd id=1 outcome=ok',
  '10000 0 processEnd',
];

export function recordingIn(folder: string): string {
  newPart(folder).append(fromText(RECORDS.join('\n')));
  return folder;
}
