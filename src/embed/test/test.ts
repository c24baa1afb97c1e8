/** The page `/test/<site>`: the device and network test. */
import { msg } from '@lit/localize';
import { CallTest } from '../call-test.ts';
import { visitorRequest } from '../../elements/parts/visitor-request.ts';
import { codeOfPage, openVisitorPage } from '../visitor-page/visitor-page.ts';

const test = new CallTest();
test.site = decodeURIComponent(location.pathname.split('/').pop() ?? '');
test.server = location.origin;
const { main } = openVisitorPage(() => {
  const heading = msg('Test your devices');
  return { heading, title: heading };
});
main.append(test);

const code = codeOfPage();
if (code) {
  test.send = async (report) => {
    const { ok } = await visitorRequest(location.origin, 'device-report', code, {
      method: 'PUT',
      body: JSON.stringify(report),
      headers: { 'content-type': 'application/json' },
    });
    if (!ok) throw new Error('The server refuses the report.');
  };
}
