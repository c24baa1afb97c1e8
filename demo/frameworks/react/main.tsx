import { createRoot } from 'react-dom/client';
import { Help } from './help.tsx';

createRoot(document.querySelector('#app')!).render(<Help device="METER-0042" />);
