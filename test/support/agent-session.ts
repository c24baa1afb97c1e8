/** Signs an agent of the demo site in with the password. Answers with the session token and the agent's id. */
export async function signInDemoAgent(
  url: string,
  username: string,
): Promise<{ readonly token: string; readonly id: string }> {
  const response = await fetch(`${url}/api/v1/agent-sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ site: 'demo', username, password: 'demo' }),
  });
  if (!response.ok) throw new Error(`${username} could not sign in: ${response.status}`);
  const { token, agent } = (await response.json()) as { token: string; agent: { id: string } };
  return { token, id: agent.id };
}
