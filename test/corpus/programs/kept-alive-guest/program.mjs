// Ends a chat while one of the guests still sits there.
import { createServer, connect } from 'node:net';
import { once } from 'node:events';

const room = createServer((guest) => guest.write('welcome\n'));
room.listen(0, '127.0.0.1');
await once(room, 'listening');
const guest = connect(room.address().port, '127.0.0.1');
const [greeting] = await once(guest, 'data');
console.log(String(greeting).trim());

function endChat() {
  return new Promise((resolve) => room.close(resolve));
}
await endChat();
console.log('over');
