/**
 * What the findings of version 1 have in common, so that a link need not repeat it; what is most likely comes last. Old links
 * cannot be read with another one: it never changes.
 */
export const DICTIONARY = [
  '[0,"efficientnet-lite0"],null,"head_relu6",[0,"fer-mini-xception"],[0,"story-plain"][0,"story-augmented"][0,"story-adapted"]',
  '[1,"https://huggingface.co/https://raw.githubusercontent.com/resolve/main/model.onnx",null],[2,".onnx","',
  '{"title":".jpg",".jpeg",".png","cat","dog","cup","knife","gun","photo","image","train","test","class 1","class 2","0123456789abcdef',
  '["raw","torchvision",[224,[1],[0],[0.00392156862745098],[[0.485,0.456,0.406]],[[0.229,0.224,0.225]],[0]],[[127.5,127.5,127.5]],[[103.939,116.779,123.68]]',
  ' maps come up most in “” and in no other class. Do the  maps of “” find it everywhere? Are the  maps of “” unique to it?',
  'No map fires on this photo in this layer., in the centre.at the centreat the leftat the rightat the upper edge, in the middle.at the lower edge, in the middle.',
  'at the upper left.at the upper right.at the lower left.at the lower right.',
  '"tabby","tiger cat","Egyptian Mau","espresso","consomme","cup","coffee mug","tea cup","missile","space shuttle","projectile","beacon"',
  '[[0,"astronaut.jpg",[]],[0,"camera.jpg",[]],[0,"rocket.jpg",[]],[0,"coffee.jpg",[]],[0,"chelsea.webp",[]]],',
  '[,2,2,2,2,2,2,2,2,1,1,1,1,1,1,1,1,1,1,1,1,1],[3,3,3,3,3,3,3,3],[4,4,4,4,4,4,4],[5,5,5,5,5,5],[6,6,6],[8,8,8],[10,10,10],12,12,15,20,20,25,25]',
  '[0,[0,"squeezenet1.1"],null,"fire9/concat",0,[[0,"chelsea.webp",[]],[0,"coffee.jpg",[]]],0,null,',
  '[143,[],60,0,null,[0,0,0,0],0,null],[["cat",0,[0],null],["cup",0,[1],null]],25,25,["cat",[]],null,[],1,0,["Map  fires most (mean ), ',
  '["",0.1],["",0.01],["",0.02],["",0.03],["",0.002],["",0.001],["",0]],[],"2026-11-2"]]',
].join('');
