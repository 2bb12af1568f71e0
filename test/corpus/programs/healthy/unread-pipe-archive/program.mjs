// The list is read and dropped.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

async function checkArchive() {
  const list = spawn('seq', ['-f', 'folder/file-%g.txt', '40000']);
  list.stdout.resume();
  const [status] = await once(list, 'exit');
  return status === 0;
}
console.log('whole:', await checkArchive());
