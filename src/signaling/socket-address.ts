/** `https://desk.example.com/x` → `wss://desk.example.com/ws`. Throws a TypeError where it is no address. */
export function socketAddress(server: string): string {
  const address = new URL('/ws', server);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address.href;
}
