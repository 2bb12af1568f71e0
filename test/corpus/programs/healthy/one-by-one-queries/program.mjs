// Posts with the names of their authors, over HTTP.
import { createServer } from 'node:http';
import { once } from 'node:events';

const server = createServer((request, response) => {
  const answer = request.url === '/posts' ? Array.from({ length: 12 }, (_, id) => ({ id })) : { name: `n${request.url}` };
  setTimeout(() => response.end(JSON.stringify(answer)), 25);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;

async function getJson(path) {
  const answer = await fetch(base + path);
  return answer.json();
}

async function postsWithAuthors() {
  const posts = await getJson('/posts');
  const authors = await Promise.all(posts.map(({ id }) => getJson(`/authors/${id}`)));
  posts.forEach((post, i) => (post.author = authors[i]));
  return posts;
}

const posts = await postsWithAuthors();
console.log(posts.every(({ author }) => author.name));
server.close();
server.closeAllConnections();
