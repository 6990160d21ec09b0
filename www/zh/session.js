export const text = {
  deviceLost: '图形设备丢失了两次，所以用 CPU 计算。',
  /** @param {string} message */
  restarting: (message) => `${message}正在重新启动；你的照片都还在。`,
  restarted: '引擎停止后已重新启动。你的照片都还在。',
  gaveUp: '引擎一再停止。请重新载入页面，或换小一点的模型或照片。',
  /** @param {string} host @param {string} from */
  cameFrom: (host, from) => `${host} 转发了请求：模型来自 ${from}。`,
  speaking: '换语言会重新载入页面，你添加的照片、类别和模型需要再添加一次。继续吗？',
};
