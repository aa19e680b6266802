/**
 * What a desktop host puts on the window; its ports lead to the double over a socket. Plain Chromium
 * does not tell a page that a port was closed, Electron does: here the event is made by hand.
 */
export const desktopHost = `
  window.foldersAsked = 0;
  window.kithHost = {
    kind: 'electron',
    platform: 'linux',
    chooseFolder: () => { window.foldersAsked++; return Promise.resolve(null); },
    showPhoto: () => Promise.resolve('The file of this photo is not there.'),
    requestPort() {
      const { port1, port2 } = new MessageChannel();
      const socket = new WebSocket(location.origin.replace('http', 'ws') + '/socket');
      const early = [];
      const send = (message) => socket.send(JSON.stringify(message));
      port1.onmessage = ({ data }) => (socket.readyState === 1 ? send(data) : early.push(data));
      socket.onopen = () => early.splice(0).forEach(send);
      socket.onmessage = ({ data }) => port1.postMessage(JSON.parse(data));
      addEventListener('message', ({ ports }) => {
        window.cutPort = () => { socket.close(); ports[0].dispatchEvent(new Event('close')); };
      }, { once: true });
      window.postMessage('kith:port', location.origin, [port2]);
    },
  };
`;
