// A bad network: passes everything on to the server, until it is told to lose answers.
import http from 'node:http';

/** `lose(n)`: the next n changes reach the server, but their answers get lost. `cut`: nothing gets through at all. */
export async function badNetwork(target) {
  const state = { losing: 0, lost: 0, isCut: false };
  const proxy = http.createServer((request, response) => {
    if (state.isCut) return request.socket.destroy();
    const loses = request.method !== 'GET' && state.losing > 0;
    if (loses) state.losing -= 1;
    const options = { method: request.method, path: request.url, headers: { ...request.headers } };
    const onward = http.request(target, options, (answer) => {
      if (loses) {
        state.lost += 1;
        answer.resume();
        answer.on('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
    return undefined;
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${proxy.address().port}`,
    state,
    lose: (count = 1) => { state.losing = count; },
    cut: (isCut = true) => { state.isCut = isCut; if (isCut) proxy.closeAllConnections?.(); },
    stop: () => { proxy.closeAllConnections?.(); proxy.close(); },
  };
}
