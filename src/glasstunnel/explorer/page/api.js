// Talks to the server. Every address is relative, so that a proxy may put a base URL before it.

export class Refused extends Error {}

async function answer(promise) {
  let response;
  try {
    response = await promise;
  } catch (error) {
    throw new Refused("the explorer does not answer; start it again with: glasstunnel explore --resume");
  }
  const content = await response.json().catch(() => ({error: `the server answered ${response.status}`}));
  if (!response.ok) throw new Refused(content.error || `the server answered ${response.status}`);
  return content;
}

export const get = (path) => answer(fetch(path, {credentials: "same-origin"}));

export const post = (path, body) =>
  answer(fetch(path, {
    method: "POST", credentials: "same-origin", body: JSON.stringify(body),
    headers: {"content-type": "application/json", "x-glasstunnel": "1"},
  }));

export const send = (file, options = {}) =>
  answer(fetch("upload", {
    method: "POST", credentials: "same-origin", body: file,
    headers: {
      "x-glasstunnel": "1", "x-file-name": encodeURIComponent(file.name),
      "x-file-options": encodeURIComponent(JSON.stringify(options)),
    },
  }));

// --- a state in the fragment of an address, which no browser sends to a server -------------------------------------

async function through(stream, bytes) {
  const result = new Response(new Blob([bytes]).stream().pipeThrough(stream));
  return new Uint8Array(await result.arrayBuffer());
}

export async function toFragment(text) {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export async function fromFragment(code) {
  const plain = atob(code.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = Uint8Array.from(plain, (c) => c.charCodeAt(0));
  return new TextDecoder().decode(await through(new DecompressionStream("deflate-raw"), bytes));
}
