        workgroupBarrier();
        for (var step = 0u; step < DEPTH; step++) {
            let value = right[step * PIXEL_BLOCKS + column];
#repeat B BLOCKS
            let weight$B = left[step * CHANNEL_BLOCKS + row * BLOCKS + $Bu];
#repeat C 4
            sum$B$C += weight$B[$C] * value;
#end
#end
        }
        workgroupBarrier();
