// same: core
import { createServer, request } from 'node:http'; import { once } from 'node:events';
const server = createServer(async (req, res) => { let body = ''; for await (const chunk of req) body += chunk; await null; if (req.url === '/fail') return res.destroy(); res.setHeader('x-own', body.length); res.end(`${req.method} ${req.url} ${body}`); }); server.listen(0, '127.0.0.1'); await once(server, 'listening'); const base = `http://127.0.0.1:${server.address().port}`;
const req = request(`${base}/a`, { method: 'POST' }); req.end('hello'); const [res] = await once(req, 'response'); let text = ''; for await (const chunk of res) text += chunk; console.log(res.statusCode, res.headers['x-own'], text);
const bad = request(`${base}/fail`); bad.end(); const [error] = await once(bad, 'error'); console.log(error.code); server.close(); server.closeAllConnections(); await once(server, 'close'); console.log('closed');
