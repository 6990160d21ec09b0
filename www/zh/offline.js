export const text = {
  newVersion: '有新版本了。',
  reload: '重新载入',
  later: '以后再说',
};
