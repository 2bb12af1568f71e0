// The report has one of ten sockets.
import http from 'node:http';
import { once } from 'node:events';
import axios from 'axios';

const server = http.createServer((req, res) => {
  setTimeout(() => res.end(`{"path":"${req.url}"}`), req.url === '/report' ? 800 : 4);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const oneSocket = new http.Agent({ keepAlive: true, maxSockets: 10 });
const api = axios.create({ baseURL: `http://127.0.0.1:${server.address().port}`, httpAgent: oneSocket });

async function loadReport() {
  const { data } = await api.get('/report');
  return data.path;
}

async function loadUser(id) {
  const { data } = await api.get(`/users/${id}`);
  console.log(data.path);
}

const report = loadReport();
await new Promise((resolve) => setTimeout(resolve, 100));
await Promise.all([1, 2, 3].map(loadUser));
console.log(await report);
oneSocket.destroy();
server.close();
