import type { HttpApp, HttpContext } from '../http-context.ts';

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>rtc-desk</title>
<h1>rtc-desk</h1>
<p>This server carries the video calls of other sites. There is no page to read here.</p>
<p>Agents: <a href="/desk">open the desk</a>.</p>
</html>
`;

/** `/`: the demo if there is one, else a page that says what this server is. */
export async function homeRoutes(app: HttpApp, { settings }: HttpContext): Promise<void> {
  app.get('/', (_request, reply) => {
    if (settings.demo) return reply.redirect('/demo/');
    return reply.status(404).type('text/html; charset=utf-8').send(PAGE);
  });
}
